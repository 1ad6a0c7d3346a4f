local server = ARGV[1]
if not redis.call('ZSCORE', key('servers'), server) then return {'gone'} end
local at = string.format('%.6f', now())
redis.call('ZADD', key('servers'), at, server)
for _, name in ipairs({'servers', 'versions', 'salt', 'minted', 'counts', 'counted', 'seen', 'rates', 'dealt', 'added',
                       'standing', 'changes', 'acks', 'epoch', 'position', 'calls', 'calls_bytes', 'dropped',
                       'coverage', 'also', 'tally', 'reloaded'}) do
  redis.call('EXPIRE', key(name), KEPT)
end
return {at, members()}
