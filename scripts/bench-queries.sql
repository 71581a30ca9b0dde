-- Ten queries of dashboards, each as an analyst writes it in HogQL and as someone who knows Postgres well writes it by hand.
-- scripts/bench queries runs both over the same 5 M rows, compares their rows, and keeps both plans in .bench/plans/.

-- query revenue by month
-- hogql
select toStartOfMonth(created_at) as month, sum(amount) as revenue, count() as orders from orders group by month order by month
-- sql
SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month, sum(amount) AS revenue, count(*) AS orders
FROM orders GROUP BY 1 ORDER BY 1

-- query orders by status
-- hogql
select status, count() as orders, avg(amount) as average, max(amount) as largest from orders group by status order by orders desc
-- sql
SELECT status, count(*) AS orders, avg(amount) AS average, max(amount) AS largest FROM orders GROUP BY status ORDER BY 2 DESC

-- query share of settled orders by week
-- hogql
select toStartOfWeek(created_at, 1) as week, countIf(status = 'settled') / count() as share from orders group by week order by week
-- sql
SELECT date_trunc('week', created_at AT TIME ZONE 'UTC')::date AS week, count(*) FILTER (WHERE status = 'settled')::float8 / count(*) AS share
FROM orders GROUP BY 1 ORDER BY 1 LIMIT 100

-- query best customers
-- hogql
select account_id, sum(amount) as revenue from orders where status = 'settled' group by account_id order by revenue desc, account_id limit 20
-- sql
SELECT account_id, sum(amount) AS revenue FROM orders WHERE status = 'settled'
GROUP BY account_id ORDER BY revenue DESC, account_id LIMIT 20

-- query days of a month, by an index
-- hogql
select toDate(created_at) as day, count() as orders, uniq(account_id) as customers from orders
where created_at >= '2024-12-01' and created_at < '2025-01-01' group by day order by day
-- sql
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS orders, count(DISTINCT account_id) AS customers FROM orders
WHERE created_at >= '2024-12-01 00:00+00' AND created_at < '2025-01-01 00:00+00' GROUP BY 1 ORDER BY 1

-- query quantiles of a month that a function names
-- hogql
select status, median(toFloat(amount)) as half, quantile(0.95)(toFloat(amount)) as most from orders
where toStartOfMonth(created_at) = '2024-06-01' group by status order by status
-- sql
SELECT status, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS half, percentile_cont(0.95) WITHIN GROUP (ORDER BY amount) AS most
FROM orders WHERE created_at >= '2024-06-01 00:00+00' AND created_at < '2024-07-01 00:00+00' GROUP BY status ORDER BY status

-- query latest status of each customer
-- hogql
select account_id, argMax(status, created_at) as latest, count() as orders from orders where account_id < 1000
group by account_id order by account_id limit 100
-- sql
SELECT account_id, (array_agg(status ORDER BY created_at DESC))[1] AS latest, count(*) AS orders FROM orders WHERE account_id < 1000
GROUP BY account_id ORDER BY account_id LIMIT 100

-- query running total
-- hogql
select month, revenue, sum(revenue) over (order by month) as total
from (select toStartOfMonth(created_at) as month, sum(amount) as revenue from orders where status != 'failed' group by month) order by month
-- sql
SELECT month, revenue, sum(revenue) OVER (ORDER BY month) AS total
FROM (SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month, sum(amount) AS revenue FROM orders
  WHERE status IS DISTINCT FROM 'failed' GROUP BY 1) months ORDER BY month

-- query three largest orders of each customer
-- hogql
select account_id, id, amount from orders where account_id < 500 order by account_id, amount desc, id limit 3 by account_id limit 1000
-- sql
SELECT account_id, id, amount FROM (
  SELECT account_id, id, amount, row_number() OVER (PARTITION BY account_id ORDER BY amount DESC, id) AS n FROM orders WHERE account_id < 500) ranked
WHERE n <= 3 ORDER BY account_id, amount DESC, id LIMIT 1000

-- query buckets
-- hogql
select multiIf(amount < 0, 'refund', amount < 1000, 'small', 'large') as bucket, count() as orders, sum(amount) as revenue
from orders where status in ('settled', 'pending') group by bucket order by bucket
-- sql
SELECT CASE WHEN amount < 0 THEN 'refund' WHEN amount < 1000 THEN 'small' ELSE 'large' END AS bucket, count(*) AS orders, sum(amount) AS revenue
FROM orders WHERE status IN ('settled', 'pending') GROUP BY 1 ORDER BY 1
