local verbs = {}

function verbs.first(token)
  local size = redis.call('ZCARD', key('seen'))
  local newest = redis.call('ZRANGE', key('seen'), -1, -1, 'WITHSCORES')
  local place = (newest[2] and tonumber(newest[2]) or 0) + 1
  if redis.call('ZADD', key('seen'), 'NX', place, token) == 0 then return 0 end
  if size >= SIGNATURES then redis.call('ZPOPMIN', key('seen')) end
  return 1
end

function verbs.count(number)
  local count = redis.call('HINCRBY', key('counts'), number, 1)
  if count == 1 then
    local newest = redis.call('ZRANGE', key('counted'), -1, -1, 'WITHSCORES')
    redis.call('ZADD', key('counted'), (newest[2] and tonumber(newest[2]) or 0) + 1, number)
    if redis.call('HLEN', key('counts')) > NUMBERS then
      redis.call('HDEL', key('counts'), redis.call('ZPOPMIN', key('counted'))[1])
    end
  end
  return count - 1
end

-- Times come and stay as text: a number of Lua as text has fewer digits.
function verbs.rate(name, calls, seconds, at)
  local list = key('rate:' .. name)
  at, seconds = tonumber(at), tonumber(seconds)
  while true do
    local first = redis.call('LINDEX', list, 0)
    if not first then break end
    local age = at - tonumber(first)
    if age >= 0 and age < seconds then break end
    redis.call('LPOP', list)
  end
  if redis.call('LLEN', list) >= calls then return 0 end
  redis.call('RPUSH', list, string.format('%.17g', at))
  redis.call('EXPIRE', list, KEPT)
  redis.call('SADD', key('rates'), name)
  return 1
end

function verbs.deal(digits, at)
  local list = key('dealt:' .. digits)
  redis.call('RPUSH', list, at)
  redis.call('LTRIM', list, -DEALS, -1)
  redis.call('EXPIRE', list, KEPT)
  redis.call('SADD', key('dealt'), digits)
  return 0
end

function verbs.spend(digits, at, life)
  if redis.call('SISMEMBER', key('dealt'), digits) == 0 then return 'never' end
  local list = key('dealt:' .. digits)
  local found = redis.call('LPOP', list)
  if not found then return 'spent' end
  while found do
    if tonumber(at) - tonumber(found) <= tonumber(life) then return '' end
    found = redis.call('LPOP', list)
  end
  return 'stale'
end

function verbs.mint()
  return redis.call('INCR', key('minted')) - 1
end

local results = {}
for index, asked in ipairs(cjson.decode(ARGV[3])) do
  results[index] = verbs[asked[1]](asked[2], asked[3], asked[4], asked[5])
end
keep({'minted', 'counts', 'counted', 'seen', 'rates', 'dealt'})
return finish(cjson.encode(results))
