local server, turn = ARGV[1], ARGV[2]
local done = redis.call('HMGET', key('done:' .. server), 'turn', 'reply')
-- What was sent before the last is nobody's any more: it comes late, over a connection that was given up.
if done[1] and tonumber(done[1]) >= tonumber(turn) then return done[2] end
local function finish(reply)
  redis.call('HSET', key('done:' .. server), 'turn', turn, 'reply', reply)
  redis.call('EXPIRE', key('done:' .. server), KEPT)
  return reply
end
