-- One month of made-up New York yellow taxi trips, with the columns and types of the TLC's trip records of 2022.
-- Every value is a function of (seed, month, row number): the same seed gives the same rows, whatever the thread count.
-- Placeholders, replaced as text: {{seed}} whole number, {{rows}} whole number, {{month}} date of the first day, {{output}} quoted path.
-- Sources of the shapes: TLC's published rates until December 2022 (2.50 $ to start, 0.50 $ a fifth of a mile or a slow minute,
-- flat fare between JFK and Manhattan, surcharges), zone numbers of TLC's zone list, shares and speeds as in public samples of real trips.
COPY (
WITH
-- How busy an hour is: by hour of day, on Monday..Friday and at the weekend; and the usual speed in mph.
hours(h, workday, weekend, mph) AS (VALUES
  (0, 22, 52, 13.0), (1, 12, 42, 13.6), (2, 8, 33, 14.4), (3, 6, 24, 15.2), (4, 6, 15, 16.8), (5, 10, 8, 17.5),
  (6, 26, 11, 15.0), (7, 47, 16, 12.0), (8, 61, 25, 9.6), (9, 60, 37, 9.3), (10, 57, 47, 9.2), (11, 58, 55, 9.1),
  (12, 60, 60, 9.1), (13, 61, 61, 9.3), (14, 66, 62, 9.2), (15, 68, 62, 9.3), (16, 66, 60, 9.1), (17, 76, 62, 9.4),
  (18, 82, 66, 9.9), (19, 73, 65, 10.6), (20, 64, 56, 11.2), (21, 62, 54, 11.5), (22, 55, 55, 11.8), (23, 38, 54, 12.2)),
-- Zones of the city proper: share of pickups and of drop-offs in 1/1000, whether in the congestion zone of Manhattan.
zones(zone, ups, downs, central) AS (VALUES
  (237, 48, 42, true), (236, 43, 43, true), (161, 43, 42, true), (186, 36, 27, true), (162, 35, 33, true),
  (142, 34, 30, true), (170, 32, 32, true), (48, 32, 30, true), (239, 32, 31, true), (230, 34, 31, true),
  (234, 31, 28, true), (163, 31, 27, true), (141, 30, 30, true), (79, 28, 29, true), (68, 27, 26, true),
  (107, 26, 26, true), (249, 25, 22, true), (238, 24, 25, true), (263, 24, 24, true), (164, 24, 22, true),
  (229, 22, 22, true), (140, 22, 23, true), (100, 21, 18, true), (90, 19, 18, true), (43, 19, 15, true),
  (113, 18, 16, true), (231, 17, 18, true), (246, 16, 17, true), (262, 16, 18, true), (143, 15, 15, true),
  (233, 15, 15, true), (148, 14, 15, true), (114, 14, 13, true), (137, 13, 14, true), (158, 11, 12, true),
  (144, 10, 11, true), (211, 9, 10, true), (125, 8, 8, true), (151, 9, 10, true), (13, 8, 9, true),
  (50, 8, 9, true), (75, 10, 12, true), (87, 7, 9, true), (261, 6, 6, true), (24, 5, 7, true),
  (166, 5, 7, true), (88, 4, 5, true), (74, 5, 8, true), (45, 4, 5, true), (41, 3, 7, true),
  (224, 3, 4, true), (232, 3, 4, true), (209, 2, 3, true), (4, 2, 4, true), (12, 1, 1, true),
  (42, 1, 5, true), (116, 1, 4, true), (244, 1, 5, true), (152, 1, 2, true), (243, 0, 2, true), (127, 0, 1, true),
  (7, 3, 8, false), (145, 2, 5, false), (226, 2, 5, false), (146, 1, 3, false), (129, 1, 3, false), (82, 1, 2, false),
  (25, 2, 3, false), (33, 2, 4, false), (65, 2, 3, false), (97, 2, 3, false), (40, 1, 2, false), (49, 1, 3, false),
  (181, 1, 4, false), (255, 2, 6, false), (256, 2, 5, false), (61, 1, 4, false), (188, 0, 2, false), (112, 1, 3, false),
  (168, 1, 2, false), (69, 0, 1, false), (247, 0, 1, false), (264, 7, 7, false), (265, 1, 4, false)),
-- 4096 slots for each end, so that one hash picks a zone by its share: twice the zone number, plus one in the congestion zone.
shares AS (
  SELECT zone * 2 + CAST(central AS INTEGER) AS code, ups, downs,
    CAST(round(4096.0 * sum(ups) OVER w / sum(ups) OVER ()) - round(4096.0 * (sum(ups) OVER w - ups) / sum(ups) OVER ()) AS BIGINT) AS up_slots,
    CAST(round(4096.0 * sum(downs) OVER w / sum(downs) OVER ()) - round(4096.0 * (sum(downs) OVER w - downs) / sum(downs) OVER ()) AS BIGINT) AS down_slots
  FROM zones WINDOW w AS (ORDER BY zone)),
ends AS (
  SELECT flatten(list([code for x in range(up_slots)] ORDER BY code)) AS ups, flatten(list([code for x in range(down_slots)] ORDER BY code)) AS downs
  FROM shares),
-- Each hour of the month gets its part of the rows; trips come out in the order of their hours, as in the real files.
month_hours AS (
  SELECT t, mph, isodow(t) > 5 AS is_weekend, hour(t) AS h,
    CASE WHEN isodow(t) > 5 THEN weekend ELSE workday END * (0.85 + 0.3 * (hash({{seed}}, t::DATE) % 1000) / 1000.0) AS busy
  FROM (SELECT unnest(generate_series(DATE '{{month}}'::TIMESTAMP, DATE '{{month}}' + INTERVAL 1 MONTH - INTERVAL 1 HOUR, INTERVAL 1 HOUR)) AS t)
  JOIN hours ON hours.h = hour(t)),
slots AS (
  SELECT *, CAST(round({{rows}} * (sum(busy) OVER w - busy) / sum(busy) OVER ()) AS BIGINT) AS first_row,
    CAST(round({{rows}} * sum(busy) OVER w / sum(busy) OVER ()) AS BIGINT) AS next_row
  FROM month_hours WINDOW w AS (ORDER BY t) ORDER BY t),
numbered AS (SELECT t, mph, is_weekend, h, hash({{seed}}, '{{month}}', i) AS i FROM (
  SELECT t, mph, is_weekend, h, unnest(range(first_row, next_row)) AS i FROM slots)),
-- Independent uniform numbers of each row, in [0, 1).
drawn AS (
  SELECT *,
    (hash(xor(i, 1)) >> 11) / 9007199254740992.0 AS u_second,
    (hash(xor(i, 2)) >> 11) / 9007199254740992.0 AS u_kind,
    (hash(xor(i, 3)) >> 11) / 9007199254740992.0 AS u_far,
    (hash(xor(i, 4)) >> 11) / 9007199254740992.0 AS u_angle,
    (hash(xor(i, 5)) >> 11) / 9007199254740992.0 AS u_speed,
    (hash(xor(i, 6)) >> 11) / 9007199254740992.0 AS u_pay,
    (hash(xor(i, 7)) >> 11) / 9007199254740992.0 AS u_tip,
    (hash(xor(i, 8)) >> 11) / 9007199254740992.0 AS u_share,
    (hash(xor(i, 9)) >> 11) / 9007199254740992.0 AS u_toll,
    (hash(xor(i, 10)) >> 11) / 9007199254740992.0 AS u_people,
    (hash(xor(i, 11)) >> 11) / 9007199254740992.0 AS u_vendor,
    (hash(xor(i, 12)) >> 11) / 9007199254740992.0 AS u_dirt,
    (SELECT ups FROM ends)[1 + CAST(hash(xor(i, 13)) % 4096 AS BIGINT)] AS up,
    (SELECT downs FROM ends)[1 + CAST(hash(xor(i, 14)) % 4096 AS BIGINT)] AS down
  FROM numbered),
-- What kind of trip: between JFK and Manhattan at the flat fare, other airport trips, Newark, an agreed price, or in the city.
kinds AS (
  SELECT *, up // 2 AS up_zone, up % 2 = 1 AS up_central, down // 2 AS down_zone, down % 2 = 1 AS down_central,
    CASE WHEN u_kind < 0.022 THEN 'from_jfk' WHEN u_kind < 0.033 THEN 'to_jfk' WHEN u_kind < 0.046 THEN 'jfk_metered'
         WHEN u_kind < 0.076 THEN 'from_lga' WHEN u_kind < 0.092 THEN 'to_lga' WHEN u_kind < 0.0945 THEN 'newark'
         WHEN u_kind < 0.100 THEN 'agreed' WHEN u_kind < 0.190 THEN 'same_zone' ELSE 'city' END AS kind,
    sqrt(-2 * ln(1 - u_far)) AS radius,
    CASE WHEN u_vendor < 0.029 THEN 'no_meter' WHEN u_dirt < 0.0035 THEN 'refund' WHEN u_dirt < 0.0150 THEN 'no_distance'
         WHEN u_dirt < 0.0152 THEN 'wrong_date' WHEN u_dirt < 0.0158 THEN 'no_duration' WHEN u_dirt < 0.0173 THEN 'whole_day'
         WHEN u_dirt < 0.0174 THEN 'absurd_distance' WHEN u_dirt < 0.0177 THEN 'no_fare' ELSE 'clean' END AS fault
  FROM drawn),
placed AS (
  SELECT *, radius * cos(2 * pi() * u_angle) AS normal,
    CASE kind WHEN 'from_jfk' THEN 132 WHEN 'jfk_metered' THEN 132 WHEN 'from_lga' THEN 138 ELSE up_zone END AS pu,
    CASE kind WHEN 'to_jfk' THEN 132 WHEN 'to_lga' THEN 138 WHEN 'newark' THEN 1 WHEN 'same_zone' THEN up_zone ELSE down_zone END AS do_,
    (up_central AND kind NOT IN ('from_jfk', 'jfk_metered', 'from_lga')) OR (down_central AND kind NOT IN ('to_jfk', 'to_lga', 'newark')) AS in_centre
  FROM kinds),
-- Miles: log-normal in the city, around the known way to the airports.
ways AS (
  SELECT *, round(greatest(0.05, CASE kind
      WHEN 'from_jfk' THEN 17.6 + 1.9 * normal WHEN 'to_jfk' THEN 17.2 + 2.1 * normal
      WHEN 'jfk_metered' THEN exp(2.35 + 0.45 * normal) WHEN 'from_lga' THEN exp(2.22 + 0.22 * normal)
      WHEN 'to_lga' THEN exp(2.20 + 0.24 * normal) WHEN 'newark' THEN 17.3 + 2.5 * normal
      WHEN 'same_zone' THEN exp(-0.55 + 0.42 * normal) ELSE least(exp(0.62 + 0.66 * normal), 32) END), 2) AS miles
  FROM placed),
timed AS (
  SELECT *,
    CAST(greatest(45, 3600 * miles / (mph * CASE WHEN is_weekend THEN 1.12 ELSE 1 END * greatest(0.7, (miles / 2) ** 0.27)
      * exp(0.30 * sqrt(3) * (2 * u_speed - 1))) + 50) AS BIGINT) AS seconds
  FROM ways),
priced AS (
  SELECT *,
    CASE WHEN kind IN ('from_jfk', 'to_jfk') THEN 2 WHEN kind = 'newark' THEN 3 WHEN kind = 'agreed' THEN 5
         WHEN u_people BETWEEN 0.40 AND 0.405 THEN 99 WHEN u_people BETWEEN 0.50 AND 0.5008 THEN 4 ELSE 1 END AS rate,
    CASE WHEN fault = 'no_meter' THEN CASE WHEN u_people < 0.06 THEN 6 ELSE 2 END WHEN u_vendor < 0.32 THEN 1 ELSE 2 END AS vendor,
    2.5 + 0.5 * round(5 * miles + 0.35 * seconds / 60) AS metered
  FROM timed),
fares AS (
  SELECT *,
    CASE fault WHEN 'no_fare' THEN 0 ELSE CASE rate WHEN 2 THEN 52 WHEN 3 THEN metered + 20 WHEN 5 THEN round(20 + 100 * u_tip * u_tip)
      WHEN 99 THEN round(metered * 1.6, 1) ELSE metered END END AS fare,
    CASE WHEN rate = 2 AND NOT is_weekend AND h BETWEEN 16 AND 19 THEN 4.5 WHEN rate <> 1 THEN 0
         WHEN h >= 20 OR h < 6 THEN 0.5 WHEN NOT is_weekend AND h BETWEEN 16 AND 19 THEN 1.0 ELSE 0 END AS peak,
    CASE WHEN rate IN (3, 5) THEN 0 ELSE 0.5 END AS tax,
    CASE WHEN in_centre AND rate <> 5 THEN 2.5 ELSE 0 END AS congestion,
    CASE WHEN pu IN (132, 138) THEN 1.25 ELSE 0 END AS airport,
    CASE WHEN kind IN ('from_jfk', 'to_jfk') AND u_toll < 0.62 THEN 6.55 WHEN kind IN ('from_lga', 'to_lga') AND u_toll < 0.48 THEN 6.55
         WHEN kind = 'jfk_metered' AND u_toll < 0.15 THEN 6.55 WHEN kind = 'newark' THEN CASE WHEN u_toll < 0.7 THEN 13.75 ELSE 15.75 END
         WHEN miles > 6 AND u_toll < 0.12 THEN 6.55 ELSE 0 END AS toll,
    CASE WHEN fault = 'no_meter' THEN 0 WHEN fault = 'refund' THEN CASE WHEN u_pay < 0.5 THEN 4 ELSE 3 END
         WHEN u_pay < 0.792 THEN 1 WHEN u_pay < 0.990 THEN 2 WHEN u_pay < 0.995 THEN 3 ELSE 4 END AS payment
  FROM priced),
tipped AS (
  SELECT *, fare + peak + tax + 0.3 + congestion + airport + toll AS due,
    CASE WHEN payment NOT IN (0, 1) THEN 0 WHEN payment = 0 AND u_pay < 0.35 THEN 0 WHEN u_tip < 0.075 THEN 0
         WHEN u_tip < 0.56 THEN 0.20 WHEN u_tip < 0.66 THEN 0.25 WHEN u_tip < 0.70 THEN 0.30 WHEN u_tip < 0.75 THEN 0.15
         WHEN u_tip < 0.79 THEN 0.10 WHEN u_tip < 0.88 THEN NULL ELSE 0.04 + 0.20 * u_share END AS tip_share
  FROM fares),
paid AS (
  SELECT *, CASE WHEN tip_share IS NULL THEN 1 + floor(4 * u_share * u_share) + CASE WHEN fare > 30 THEN 4 ELSE 0 END ELSE round(due * tip_share, 2) END AS tip,
    t + to_seconds(floor(3600 * u_second)) AS starts,
    CASE WHEN fault = 'refund' THEN -1 ELSE 1 END AS sign
  FROM tipped),
dated AS (
  SELECT *, CASE WHEN fault <> 'wrong_date' THEN starts WHEN u_share < 0.3 THEN starts - INTERVAL 13 YEAR
    WHEN u_share < 0.6 THEN TIMESTAMP '2009-01-01 00:05:00' + to_seconds(floor(3600 * u_tip)) ELSE starts + INTERVAL 1 MONTH END AS pickup
  FROM paid)
SELECT
  CAST(vendor AS BIGINT) AS "VendorID",
  pickup AS tpep_pickup_datetime,
  pickup + to_seconds(CASE fault WHEN 'no_duration' THEN 0 WHEN 'whole_day' THEN 86400 - seconds % 1200 ELSE seconds END) AS tpep_dropoff_datetime,
  CASE WHEN fault = 'no_meter' THEN NULL WHEN u_people < 0.745 THEN 1.0 WHEN u_people < 0.890 THEN 2.0 WHEN u_people < 0.927 THEN 3.0
    WHEN u_people < 0.944 THEN 4.0 WHEN u_people < 0.965 THEN 5.0 WHEN u_people < 0.979 THEN 6.0 WHEN u_people < 0.9999 THEN 0.0 ELSE 7.0 END::DOUBLE AS passenger_count,
  CAST(CASE fault WHEN 'no_distance' THEN 0 WHEN 'absurd_distance' THEN miles * 1000 + 5000 ELSE miles END AS DOUBLE) AS trip_distance,
  CASE WHEN fault <> 'no_meter' THEN CAST(rate AS DOUBLE) END AS "RatecodeID",
  CASE WHEN fault = 'no_meter' THEN NULL WHEN vendor = 1 AND u_speed < 0.045 THEN 'Y' ELSE 'N' END AS store_and_fwd_flag,
  CAST(pu AS BIGINT) AS "PULocationID",
  CAST(do_ AS BIGINT) AS "DOLocationID",
  CAST(payment AS BIGINT) AS payment_type,
  CAST(round(sign * fare, 2) AS DOUBLE) AS fare_amount,
  CAST(round(sign * (peak + CASE WHEN vendor = 1 THEN congestion + airport ELSE 0 END), 2) AS DOUBLE) AS extra,
  CAST(sign * tax AS DOUBLE) AS mta_tax,
  CAST(tip AS DOUBLE) AS tip_amount,
  CAST(sign * toll AS DOUBLE) AS tolls_amount,
  CAST(sign * 0.3 AS DOUBLE) AS improvement_surcharge,
  CAST(round(sign * due + tip, 2) AS DOUBLE) AS total_amount,
  CASE WHEN fault <> 'no_meter' THEN CAST(sign * congestion AS DOUBLE) END AS congestion_surcharge,
  CASE WHEN fault <> 'no_meter' THEN CAST(sign * airport AS DOUBLE) END AS airport_fee
FROM dated
) TO {{output}} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)
