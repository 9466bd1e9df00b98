-- What a program's text comes to without what does not run.

-- A program's structure: its text without docstring, comments, empty lines and spaces, its indentation kept.
-- Two programs of one structure do the same. Made in SQL and not by parsing, which hostile text can crash and
-- a million programs make slow; so it errs: what follows a # in a string counts as a comment, and the first
-- text in three double quotes for the docstring. Nothing is renamed: other names are another structure. Line
-- ends go with the comments before them: the indentation of the next line still tells lines apart.
create or replace macro structure(source) as
    replace(
        replace(
            regexp_replace(
                concat(split_part(source, '"""', 1), split_part(source, '"""', 3), chr(10)),
                ' *(?:#[^\n]*)?\n',
                '',
                'g'
            ),
            '  ',
            chr(9)
        ),
        ' ',
        ''
    );

-- How much a program branches and computes: its words that branch, and its operators, wherever they stand.
create or replace macro branch_count(source) as
    len(regexp_extract_all(source, '\b(?:if|elif|for|while|and|or|except|case)\b'));

create or replace macro operator_count(source) as
    len(regexp_extract_all(source, '[-+*/%<>=!&|^~@]+'));
