-- Choosing by logit: the probabilities that go with the largest of logit + noise_gumbel(…).

-- Sum of exp(logit), for logits relative to the largest one or to one that was drawn. Summed in whole steps
-- of 2^-60, and so the same to the last bit for any order of the rows and any number of threads.
create or replace macro softmax_mass(logit) as
    sum(try_cast(exp(logit) * 1152921504606846976.0::double as hugeint))::double
    / 1152921504606846976.0::double;

-- Logarithm of the sum of exp(value) over a list, in the list's order; -infinity where each is.
create or replace macro log_sum_exp(logs) as
    if(
        list_max(logs) = '-infinity'::double,
        '-infinity'::double,
        list_max(logs) + ln(list_sum([exp(value - list_max(logs)) for value in logs]))
    );

-- The probability of each of a row of choices, given those before it, where one of several components makes
-- them all: `shares`, the probability of each component; `log_chances`, for each component a list of the
-- logarithms of its own conditional probabilities, in order of choice. By Bayes' rule a component that would
-- hardly have made the first choices weighs little in the later ones; the product of all is the sum over
-- components of share times product.
create or replace macro mixture_propensities(shares, log_chances) as
    list_transform(
        range(1, len(log_chances[1]) + 1),
        lambda place: exp(
            log_sum_exp([
                ln(shares[i]) + list_sum(log_chances[i][:place]) for i in range(1, len(shares) + 1)
            ])
            - if(
                place = 1,
                0.0,
                log_sum_exp([
                    ln(shares[i]) + list_sum(log_chances[i][:place - 1]) for i in range(1, len(shares) + 1)
                ])
            )
        )
    );
