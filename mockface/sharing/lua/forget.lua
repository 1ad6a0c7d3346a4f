-- Clears the counts of these numbers and patterns; '~?' stands for every number that has a digest.
-- Patterns with wildcards at the same places are looked at together: there are thousands of them, in few shapes.
local function uncount(names)
  local shapes, digests, any = {}, false, false
  for _, name in ipairs(names) do
    if name == '~?' then
      digests, any = true, true
    elseif string.find(name, '[?#]') then
      local form = string.gsub(name, '[^?#]', '.'):gsub('#', '?')
      local shape = shapes[form]
      if not shape then
        shape = {size = #name, parts = {}, fixed = {}}
        local from = 1
        while true do
          local first, last = string.find(form, '%.+', from)
          if not first then break end
          table.insert(shape.parts, {first, last})
          from = last + 1
        end
        shapes[form] = shape
      end
      shape.fixed[(string.gsub(name, '[?#]', ''))] = true
      any = true
    else
      redis.call('HDEL', key('counts'), name)
      redis.call('ZREM', key('counted'), name)
    end
  end
  if not any then return end
  for _, counted in ipairs(redis.call('HKEYS', key('counts'))) do
    local fits = false
    if string.sub(counted, 1, 1) == '~' then
      fits = digests
    else
      for _, shape in pairs(shapes) do
        if #counted == shape.size then
          local had = {}
          for at, part in ipairs(shape.parts) do had[at] = string.sub(counted, part[1], part[2]) end
          fits = fits or shape.fixed[table.concat(had)] or false
        end
      end
    end
    if fits then
      redis.call('HDEL', key('counts'), counted)
      redis.call('ZREM', key('counted'), counted)
    end
  end
end
