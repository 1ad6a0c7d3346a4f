local server = ARGV[1]
if not redis.call('ZSCORE', key('servers'), server) then return {'gone'} end
local at = string.format('%.6f', now())
redis.call('ZADD', key('servers'), at, server)
keep()
return {at, members()}
