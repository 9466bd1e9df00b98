-- Choosing by logit: the probabilities that go with the largest of logit + noise_gumbel(…).

-- Sum of exp(logit), for logits relative to the largest one or to one that was drawn. Summed in whole steps
-- of 2^-60, and so the same to the last bit for any order of the rows and any number of threads.
create or replace macro softmax_mass(logit) as
    sum(try_cast(exp(logit) * 1152921504606846976.0::double as hugeint))::double
    / 1152921504606846976.0::double;
