-- The questions of rules in plain SQL over the integer keys of a snapshot: each section is one question, named as the
-- rule that asks it. Answers are keys alone: no scope, no unknown cells, no reasons, no facts and no words.

-- load keys and a few columns
CREATE MACRO moment() AS TIMESTAMPTZ '2024-04-14T16:00:00Z';
CREATE MACRO left_for_good(status, since, days) AS
    status IN ('retired', 'departed', 'seconded') AND since < moment() - to_days(days);
CREATE TABLE people AS SELECT id, person_key, name, status, status_since FROM '$snapshot/people.parquet';
CREATE TABLE accounts AS SELECT account_key, person_key, kind FROM '$snapshot/accounts.parquet';
CREATE TABLE appointments AS SELECT person_key, department_key FROM '$snapshot/appointments.parquet';
CREATE TABLE groups AS
    SELECT group_key, owner_key, creator_key, responsible_key, department_key, task_key, join_approval, scope
    FROM '$snapshot/groups.parquet' WHERE dissolved_at IS NULL OR dissolved_at > moment();
CREATE TABLE stays AS SELECT group_key, account_key, name_key, inviter_key, role, join_scene, joined_at
    FROM '$snapshot/memberships.parquet' WHERE left_at IS NULL OR left_at > moment();
CREATE TABLE transfers AS SELECT group_key, "at" FROM '$snapshot/events.parquet' WHERE kind = 'transfer';
CREATE TABLE tasks AS SELECT task_key, state, done_at FROM '$snapshot/tasks.parquet';

-- names once each, people of scopes
CREATE TABLE names AS SELECT name_key, any_value(display_name) AS name FROM '$snapshot/memberships.parquet'
    WHERE name_key IS NOT NULL GROUP BY name_key;
CREATE TABLE expected AS SELECT DISTINCT group_key, account_key
    FROM (SELECT group_key, unnest(scope.people) AS id FROM groups) JOIN people USING (id) JOIN accounts USING (person_key);

-- ownership/owner-present
SELECT group_key FROM groups WHERE owner_key IS NULL;

-- ownership/owner-in-post
SELECT group_key FROM groups g JOIN accounts a ON a.account_key = g.owner_key JOIN people p USING (person_key)
    WHERE left_for_good(p.status, p.status_since, 3);

-- ownership/admin-designated
SELECT group_key FROM groups ANTI JOIN (
    SELECT group_key FROM stays s JOIN groups g USING (group_key) JOIN accounts a ON a.account_key = s.account_key
    LEFT JOIN accounts o ON o.account_key = g.owner_key
    WHERE s.role = 'admin' AND a.person_key IS DISTINCT FROM o.person_key) USING (group_key);

-- ownership/responsible-named
SELECT group_key FROM groups g LEFT JOIN people p ON p.person_key = g.responsible_key
    WHERE p.person_key IS NULL OR left_for_good(p.status, p.status_since, 30);

-- admission/approval-on
SELECT group_key FROM groups WHERE NOT join_approval;

-- admission/display-name-format
SELECT group_key, account_key FROM stays SEMI JOIN (
    SELECT name_key FROM names WHERE NOT regexp_full_match(name, '[^-]+-[^-]+')) USING (name_key);

-- admission/name-in-directory
SELECT group_key, account_key FROM stays SEMI JOIN (
    SELECT account_key, name_key FROM (SELECT DISTINCT account_key, name_key FROM stays)
    JOIN names n USING (name_key) JOIN accounts USING (account_key) JOIN people p USING (person_key)
    WHERE NOT ends_with(n.name, p.name)) USING (account_key, name_key);

-- admission/admitted-by-owner
SELECT group_key, account_key FROM stays JOIN groups USING (group_key)
    LEFT JOIN (SELECT group_key, min("at") AS moved FROM transfers GROUP BY group_key) USING (group_key)
    WHERE join_scene <> 'created' AND account_key <> owner_key
        AND inviter_key IS DISTINCT FROM CASE WHEN joined_at < moved THEN creator_key ELSE owner_key END;

-- admission/outside-scope
SELECT group_key, account_key FROM stays JOIN groups USING (group_key)
    ANTI JOIN expected USING (group_key, account_key);

-- admission/departed-member
SELECT group_key, account_key FROM stays SEMI JOIN (
    SELECT account_key FROM accounts JOIN people p USING (person_key)
    WHERE left_for_good(p.status, p.status_since, 7)) USING (account_key);

-- admission/expected-member-missing
SELECT group_key, account_key FROM expected ANTI JOIN stays USING (group_key, account_key);

-- dormancy/finished-not-dissolved
SELECT group_key FROM groups JOIN tasks t USING (task_key) WHERE t.state <> 'open' AND t.done_at < moment() - to_days(7);

-- dormancy/ownerless-or-empty
SELECT group_key FROM stays GROUP BY group_key HAVING count(DISTINCT account_key) < 3;

-- ownership/creator-handover
SELECT group_key FROM groups ANTI JOIN transfers USING (group_key) WHERE creator_key <> owner_key;

-- ownership/owner-of-department
SELECT group_key FROM groups g JOIN accounts a ON a.account_key = g.owner_key
    WHERE (a.person_key, g.department_key) NOT IN (SELECT person_key, department_key FROM appointments);

-- ownership/owns-too-many
SELECT person_key FROM groups g JOIN accounts a ON a.account_key = g.owner_key GROUP BY person_key HAVING count(*) > 5;
