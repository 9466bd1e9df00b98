-- Whether a reset is due.
--
-- Grain: one row. Reads: reset_due (the reset policy's query).
select due
from reset_due;
