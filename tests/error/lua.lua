local x = nil
print(x.y)
