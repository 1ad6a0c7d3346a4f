local epoch, limit, limit_bytes = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('HSET', key('tally'), server, ARGV[7])
if redis.call('HLEN', key('tally')) > TALLIES then
  for _, name in ipairs(redis.call('HKEYS', key('tally'))) do
    if not redis.call('ZSCORE', key('servers'), (string.gsub(name, '%.ship$', ''))) then redis.call('HDEL', key('tally'), name) break end
  end
end
if (redis.call('GET', key('epoch')) or '0') ~= epoch then keep() return finish('') end

local function add(name, counts)
  for field, count in pairs(counts) do redis.call('HINCRBY', key(name), field, count) end
end

local given = cjson.decode(ARGV[6])
add('coverage', given.coverage)
add('also', given.also)
local missed = 0
for number, count in pairs(given.missed) do missed = missed + count end
if missed > 0 then
  add('dropped', given.missed)
  redis.call('INCRBY', key('position'), missed)
end
for at = 8, #ARGV, 3 do
  local position = redis.call('INCR', key('position'))
  redis.call('XADD', key('calls'), '*', 'key', ARGV[at], 'at', ARGV[at + 1], 'call', ARGV[at + 2], 'position', position)
  redis.call('INCRBY', key('calls_bytes'), #ARGV[at + 2])
end
local size = redis.call('XLEN', key('calls'))
local bytes = tonumber(redis.call('GET', key('calls_bytes')) or '0')
while size > limit or (bytes > limit_bytes and size > 0) do
  local oldest = redis.call('XRANGE', key('calls'), '-', '+', 'COUNT', math.max(1, math.min(size - limit, 100)))
  for _, one in ipairs(oldest) do
    local fields = one[2]
    redis.call('XDEL', key('calls'), one[1])
    redis.call('HINCRBY', key('dropped'), fields[2], 1)
    size, bytes = size - 1, redis.call('DECRBY', key('calls_bytes'), #fields[6])
  end
end
while redis.call('HLEN', key('dropped')) > DROPPED do
  redis.call('HDEL', key('dropped'), unpack(redis.call('HRANDFIELD', key('dropped'), 100)))
end
keep()
return finish('')
