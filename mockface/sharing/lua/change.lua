local kind, given = ARGV[3], cjson.decode(ARGV[4])
local told = ARGV[4]
local kinds = {}

function kinds.flush() end

local function newest()
  local last = redis.call('XREVRANGE', key('changes'), '+', '-', 'COUNT', 1)
  return last[1] and last[1][1] or '0-0'
end

-- Whether two patterns match a common number was looked at by a server, which has to know all that are there.
function kinds.add()
  if given.patterns then
    if (redis.call('GET', key('patterns')) or '0') ~= given.patterns then return true end
    redis.call('INCR', key('patterns'))
  end
  redis.call('HSET', key('added'), given.number, ARGV[5])
  uncount(given.counted)
  told = ARGV[5]
end

function kinds.remove()
  redis.call('HDEL', key('added'), given.number)
  uncount(given.counted)
end

function kinds.forget()
  for _, number in ipairs(given.numbers) do redis.call('HDEL', key('added'), number) end
  uncount(given.counted)
end

local function clear(set, list)
  for _, name in ipairs(redis.call('SMEMBERS', key(set))) do redis.call('UNLINK', key(list .. name)) end
  redis.call('UNLINK', key(set))
end

function kinds.reset()
  local parts = {}
  for _, part in ipairs(given.parts) do parts[part] = true end
  if parts.counters then
    redis.call('UNLINK', key('counts'), key('counted'), key('seen'), key('reloaded'))
    clear('rates', 'rate:')
    clear('dealt', 'dealt:')
  end
  if parts.journal then
    redis.call('UNLINK', key('calls'), key('calls_bytes'), key('dropped'), key('coverage'), key('also'),
               key('position'))
    given.epoch = redis.call('INCR', key('epoch'))
  end
  if parts.scenarios then
    uncount(given.counted or {})
    redis.call('UNLINK', key('added'))
  end
  if parts.clock then redis.call('HDEL', key('standing'), 'offset') end
  if parts.switches then
    for _, name in ipairs(redis.call('HKEYS', key('standing'))) do
      if name ~= 'offset' then redis.call('HDEL', key('standing'), name) end
    end
  end
  given.counted = nil
  told = cjson.encode(given)
end

function kinds.clock()
  local offset = given.offset
  if given.by then
    local before = tonumber(redis.call('HGET', key('standing'), 'offset') or '0')
    offset = string.format('%.17g', before + tonumber(given.by))
  end
  redis.call('HSET', key('standing'), 'offset', offset)
  told = cjson.encode({offset = offset})
end

function kinds.switch()
  if given.value == '' then
    redis.call('HDEL', key('standing'), given.name)
  else
    redis.call('HSET', key('standing'), given.name, given.value)
  end
end

if kinds[kind]() then return finish(cjson.encode({again = newest()})) end
local id = redis.call('XADD', key('changes'), 'MAXLEN', '~', CHANGES, '*', 'kind', kind, 'told', told)
keep()
return finish(cjson.encode({id = id, members = members()}))
