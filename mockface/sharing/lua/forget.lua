local function uncount(names)
  for _, name in ipairs(names) do
    if string.find(name, '[?#]') then
      for _, counted in ipairs(redis.call('HKEYS', key('counts'))) do
        local fits = string.sub(counted, 1, 1) == '~' or #counted == #name
        if fits and string.sub(counted, 1, 1) ~= '~' then
          for at = 1, #name do
            local wanted = string.sub(name, at, at)
            if wanted ~= '?' and wanted ~= '#' and wanted ~= string.sub(counted, at, at) then fits = false end
          end
        end
        if fits then
          redis.call('HDEL', key('counts'), counted)
          redis.call('ZREM', key('counted'), counted)
        end
      end
    else
      redis.call('HDEL', key('counts'), name)
      redis.call('ZREM', key('counted'), name)
    end
  end
end
