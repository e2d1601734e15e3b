-- Help comes from the operators' own descriptions.
print(weft.help("clamp"))
print(weft.help("savi"))
print(weft.help("laplace"))
print(weft.help("weft.open"))
print(#weft.help() > 2000)
