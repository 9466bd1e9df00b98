# Tries: to be killed last when memory runs out
# Ends in: runtime_error
# Unprotected: ok
def priority(x):
    open("/proc/self/oom_score_adj", "w").write("1000")
    return 1
