local function members()
  redis.call('ZREMRANGEBYSCORE', key('servers'), '-inf', '(' .. string.format('%.6f', now() - LEASE))
  return redis.call('ZRANGE', key('servers'), 0, -1)
end
