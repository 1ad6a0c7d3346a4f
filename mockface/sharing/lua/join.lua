local server, version = ARGV[1], ARGV[2]
for _, other in ipairs(members()) do
  local has = redis.call('HGET', key('versions'), other)
  if has and has ~= version and other ~= server then return {'version', has} end
end
for _, other in ipairs(redis.call('HKEYS', key('versions'))) do
  if not redis.call('ZSCORE', key('servers'), other) then redis.call('HDEL', key('versions'), other) end
end
redis.call('ZADD', key('servers'), string.format('%.6f', now()), server)
redis.call('HSET', key('versions'), server, version)
redis.call('SET', key('salt'), ARGV[3], 'NX')
keep()
local function newest(stream)
  local last = redis.call('XREVRANGE', key(stream), '+', '-', 'COUNT', 1)
  return last[1] and last[1][1] or '0-0'
end
return {'joined', redis.call('GET', key('salt')), redis.call('GET', key('epoch')) or '0',
        newest('changes'), newest('acks'), redis.call('HGETALL', key('added')), redis.call('HGETALL', key('standing')),
        redis.call('GET', key('patterns')) or '0'}
