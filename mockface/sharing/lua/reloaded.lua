for at = 2, #ARGV do
  if redis.call('HGET', key('reloaded'), ARGV[at]) ~= ARGV[1] then
    redis.call('HSET', key('reloaded'), ARGV[at], ARGV[1])
    uncount({ARGV[at]})
  end
end
if redis.call('HLEN', key('reloaded')) > NUMBERS then redis.call('UNLINK', key('reloaded')) end
