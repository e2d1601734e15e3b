weft.config{threads = setmetatable({}, {__tostring = function() return "2" end})}
