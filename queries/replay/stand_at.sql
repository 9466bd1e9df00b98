-- What there was as of event $state, in the relations that policies read. Reads: the tables of schema replay.
delete from population;

insert into population
select * exclude (from_seq, until_seq)
from replay.population
where from_seq <= $state and until_seq > $state;

delete from clusters;

insert into clusters
select * exclude (from_seq, until_seq)
from replay.clusters
where from_seq <= $state and until_seq > $state;

delete from islands;

insert into islands
select * exclude (from_seq, until_seq)
from replay.islands
where from_seq <= $state and until_seq > $state;

delete from counts;

insert into counts
select * exclude (seq, hours_since_reset)
from replay.progress
where seq <= $state
order by seq desc
limit 1;
