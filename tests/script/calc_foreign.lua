-- What other languages write is an error whose hint is the corrected expression, and that one is right.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 80, 60}, resolution = 10}
local inputs = {A = weft.col{like = g}, B = weft.row{like = g} + 1}
for _, text in ipairs{
    "A ** 2", "A**B", "A <> 3 && B > 2", "A>2||B<3", " A = 2 ", "if(A > 1, 2, B)", "1 + if(A>1, 2, max(A, B)) * 2", "if(A > 1, B)",
    "isnan(A)", "isnull(A) ? 0 : A", "logical_or(A > 1, B > 2)", "logical_not(A > 1)", "A > 1 ? nan : B", "where(A > 1, A, None)",
    "cast(A, u8)", "a + 1", "A + b", "float(A) / 2", "power(A, 2)", "maximum(A, B, 3)", "np.where(A > 2, np.sqrt(A), 1)",
    "Con(A > 1, 1, 0)", "numpy.sqrt(A)", "A > 1 ? True : false", "null()", "greater(A, B)",
} do
    local ok, e = pcall(weft.calc, text, inputs)
    local right = e.hint:match("write (.*)$")
    print(text, right, select(2, pcall(function() return weft.calc(right, inputs).type end)))
end
for _, text in ipairs{"sobell(A)", "save(A)", "foo(A)", "A.max()", "slope", "max(A)", "clamp(A, 1, 2, 3)", "isin(A, {1, 2})"} do
    print(select(2, pcall(weft.calc, text, inputs)))
end
