local base = KEYS[1]
local function key(name) return base .. ':' .. name end
local lasting = {'servers', 'versions', 'salt', 'minted', 'counts', 'counted', 'seen', 'rates', 'dealt', 'added',
                 'patterns', 'standing', 'changes', 'acks', 'epoch', 'position', 'calls', 'calls_bytes', 'dropped',
                 'coverage', 'also', 'tally', 'reloaded'}
local function keep(names)
  for _, name in ipairs(names or lasting) do redis.call('EXPIRE', key(name), KEPT) end
end
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end
