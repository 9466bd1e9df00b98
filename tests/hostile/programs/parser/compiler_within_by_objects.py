# Tries: to crash the compiler by a tree that no parser makes
# Ends in: runtime_error, memory
def priority(x):
    import ast
    tree = ast.Name('x', ast.Load())
    for _ in range(10**5):
        tree = ast.UnaryOp(ast.USub(), tree)
    tree = ast.fix_missing_locations(ast.Expression(tree))
    return eval(compile(tree, 'x', 'eval'))
