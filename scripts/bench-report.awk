# Turns scripts/bench's results.tsv into a Markdown table. A line of it: workload, rows, who, round, seconds, CPU seconds of
# the client, of the source and of the warehouse, peak kB (after a ~ if only looked at now and then), 1 if noisy.
# The first of a workload is what the others of the same round are compared with.

BEGIN { FS = "\t" }
function sorted(list, n, out,   i, j, v) {
  for (i = 1; i <= n; i++) { v = list[i]; for (j = i - 1; j > 0 && out[j] > v; j--) out[j + 1] = out[j]; out[j + 1] = v }
}
function middle(out, n) { return n % 2 ? out[(n + 1) / 2] : (out[n / 2] + out[n / 2 + 1]) / 2 }
function summary(field, key, digits, n,   i, list, out, form) {
  n = rounds[key]
  for (i = 1; i <= n; i++) list[i] = value[key, i, field] + 0
  sorted(list, n, out); form = "%." digits "f"
  return sprintf(form " (" form "–" form ")", middle(out, n), out[1], out[n])
}
function median(field, key,   i, list, out) {
  for (i = 1; i <= rounds[key]; i++) list[i] = value[key, i, field] + 0
  sorted(list, rounds[key], out); return middle(out, rounds[key])
}
function millions(n) { return n >= 1000000 ? n / 1000000 " M" : n / 1000 " k" }
{
  key = $1 SUBSEP $3; i = ++rounds[key]
  if (i == 1) { order[++keys] = key; workload[key] = $1; who[key] = $3; count[key] = $2 }
  if (!($1 in base)) base[$1] = key
  value[key, i, "wall"] = $5; value[key, i, "own"] = $6; value[key, i, "source"] = $7; value[key, i, "warehouse"] = $8
  rough[key] = rough[key] || $9 ~ /^~/; sub(/^~/, "", $9); if ($9 + 0 > peak[key]) peak[key] = $9 + 0
  noisy[key] += $10
}
END {
  print "| workload | rows | | s, median (min–max) | × the pipe, by round | CPU s: own / source / warehouse | own share | peak MB | noisy |"
  print "|---|---|---|---|---|---|---|---|---|"
  for (k = 1; k <= keys; k++) {
    key = order[k]; first = base[workload[key]]; ratio = ""
    if (key != first) {
      for (i = 1; i <= rounds[key]; i++) value[key, i, "ratio"] = value[key, i, "wall"] / value[first, i, "wall"]
      ratio = summary("ratio", key, 2)
    }
    own = median("own", key); source = median("source", key); warehouse = median("warehouse", key); all = own + source + warehouse
    printf "| %s | %s | %s | %s | %s | %.2f / %.2f / %.2f | %s | %s | %d of %d |\n", key == first ? workload[key] : "",
      key == first ? millions(count[key]) : "", who[key], summary("wall", key, median("wall", key) < 1 ? 3 : 2), ratio, own, source, warehouse,
      (all > 0.1 ? sprintf("%.0f%%", 100 * own / all) : ""), (who[key] ~ /^psql/ ? "" : (rough[key] ? "~" : "") sprintf("%.0f", peak[key] / 1024)),
      noisy[key], rounds[key]
  }
}
