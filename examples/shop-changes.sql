-- A morning at the garden shop: new orders, orders on their way, a few changed customers and prices, new reviews.
-- Every changed row's updated_at is the time of the change. May be run as often as one likes.

\set ON_ERROR_STOP on
BEGIN;

CREATE TEMP TABLE fresh ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('"order"', 'id')) AS id, n FROM generate_series(1, 120) n;

INSERT INTO "order" (id, customer_id, status, total, ship_to, placed_at, updated_at)
SELECT f.id, 1 + f.id * 37 % 25000, 'placed', 2 * p.price, '{"street": "Hedgerow Lane 1", "zip": "10115"}', now(), now()
FROM fresh f JOIN product p ON p.id = 1 + f.id % 2000;

INSERT INTO order_line (order_id, line, product_id, quantity, unit_price)
SELECT f.id, 1, p.id, 2, p.price FROM fresh f JOIN product p ON p.id = 1 + f.id % 2000;

WITH paid AS (
  UPDATE "order" SET status = 'paid', updated_at = now()
  WHERE id IN (SELECT id FROM "order" WHERE status = 'placed' ORDER BY id LIMIT 80) RETURNING id, total
)
INSERT INTO payment (id, order_id, method, amount, took, paid_at)
SELECT md5('payment ' || id)::uuid, id, 'card', total, interval '1.2 seconds', now() FROM paid;

UPDATE "order" SET status = 'shipped', updated_at = now()
WHERE id IN (SELECT id FROM "order" WHERE status = 'paid' AND updated_at < now() ORDER BY id LIMIT 60);

UPDATE customer SET newsletter = NOT coalesce(newsletter, false), updated_at = now()
WHERE id IN (SELECT customer_id FROM "order" JOIN fresh USING (id) WHERE n <= 50);

UPDATE product SET price = round(price * 1.05, 2), updated_at = now() WHERE id IN (SELECT 1 + id % 2000 FROM fresh WHERE n <= 15);

INSERT INTO review (product_id, customer_id, stars, body)
SELECT 1 + id % 2000, 1 + id * 37 % 25000, 5, 'The second one, since the first grew so well.' FROM fresh WHERE n <= 40;

COMMIT;
