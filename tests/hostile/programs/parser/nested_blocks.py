# Tries: to exhaust the compiler by blocks in blocks
# Ends in: syntax_error
def priority(x):
    for _ in x:
     for _ in x:
      for _ in x:
       for _ in x:
        for _ in x:
         for _ in x:
          for _ in x:
           for _ in x:
            for _ in x:
             for _ in x:
              for _ in x:
               for _ in x:
                for _ in x:
                 for _ in x:
                  for _ in x:
                   for _ in x:
                    for _ in x:
                     for _ in x:
                      for _ in x:
                       for _ in x:
                        for _ in x:
                         for _ in x:
                          for _ in x:
                           for _ in x:
                            for _ in x:
                             for _ in x:
                              for _ in x:
                               for _ in x:
                                for _ in x:
                                 for _ in x:
                                  pass
