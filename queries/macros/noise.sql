-- Counter-based noise: every random number is a pure function of (seed, draw, slot) and a content key.
-- Scheme "splitmix64-gumbel-1" (schema/PROTOCOL.md, "Chance"). Scalar macros; no state, no generator.

-- Key of a candidate, from its content (never from a serial number): what md5_number_lower gives, in a fourth
-- of the time.
create or replace macro item_key(content) as
    (md5_number(content) >> 64)::ubigint;

-- Key of a draw's slot. `draw` is a number or the text reset|<reset_id>.
create or replace macro noise_key(seed, draw, slot) as
    item_key(concat(seed, '|', draw, '|', slot));

-- The product of two unsigned 64-bit integers modulo 2^64.
create or replace macro multiply_u64(a, b) as
    ((a::uhugeint * b::uhugeint) & 18446744073709551615::uhugeint)::ubigint;

create or replace macro splitmix64_first(x) as
    multiply_u64(xor(x, x >> 30), 13787848793156543929::ubigint);

create or replace macro splitmix64_second(x) as
    multiply_u64(xor(x, x >> 27), 10723151780598845931::ubigint);

-- The finalizer of splitmix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection that mixes all 64 bits.
create or replace macro splitmix64_third(x) as
    xor(x, x >> 31);

create or replace macro splitmix64(x) as
    splitmix64_third(splitmix64_second(splitmix64_first(x)));

-- Uniform on (0, 1): 52 bits, centred, so that neither end is ever reached.
create or replace macro noise_uniform(draw_key, candidate_key) as
    ((splitmix64(xor(draw_key, candidate_key)) >> 12)::double + 0.5::double)
    * 2.220446049250313e-16::double;

-- Standard Gumbel: the candidate with the largest logit + gumbel is a draw from the softmax of the logits.
create or replace macro noise_gumbel(draw_key, candidate_key) as
    -ln(-ln(noise_uniform(draw_key, candidate_key)));
