-- Each model with a probability in proportion to its weight, whatever became of its answers.

-- name: models
select
    model,
    ln(weight) as logit
from models;
