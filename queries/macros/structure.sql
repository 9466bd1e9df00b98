-- What a program's text comes to without what does not run.

-- A program's structure: its text without docstring, comments, empty lines and spaces, its indentation kept.
-- Two programs of one structure do the same. Made in SQL and not by parsing, which hostile text can crash and
-- a million programs make slow; so it errs: what follows a # in a string counts as a comment, and the first
-- text in three double quotes for the docstring. Nothing is renamed: other names are another structure.
create or replace macro without_comments(source) as
    regexp_replace(
        concat(chr(10), split_part(source, '"""', 1), split_part(source, '"""', 3), chr(10)),
        '#[^\n]*',
        '',
        'g'
    );

-- Two spaces count as one step of indentation, a single one as none.
create or replace macro without_spaces(source) as
    replace(replace(source, '  ', chr(9)), ' ', '');

-- Up to five spaces at the end of a line go; empty lines are few, so that looking for them costs little.
create or replace macro structure(source) as
    regexp_replace(
        replace(
            replace(without_spaces(without_comments(source)), concat(chr(9), chr(10)), chr(10)),
            concat(chr(9), chr(10)),
            chr(10)
        ),
        '\n[\t\n]*\n',
        chr(10),
        'g'
    );

-- How much a program branches and computes: its words that branch, and its operators, wherever they stand.
create or replace macro branch_count(source) as
    len(regexp_extract_all(source, '\b(?:if|elif|for|while|and|or|except|case)\b'));

create or replace macro operator_count(source) as
    len(regexp_extract_all(source, '[-+*/%<>=!&|^~@]+'));
