local server, turn = ARGV[1], ARGV[2]
local done = redis.call('HMGET', key('done:' .. server), 'turn', 'reply')
if done[1] == turn then return done[2] end
local function finish(reply)
  redis.call('HSET', key('done:' .. server), 'turn', turn, 'reply', reply)
  redis.call('EXPIRE', key('done:' .. server), KEPT)
  return reply
end
