public import ConnectorKit

/// The kinds of source that are files: they differ in where these lie and in how one signs in there.
public enum BucketForm {
  public static let kinds = [s3, gcs, r2, azure, file]

  static let s3 = kind(
    "s3", "Amazon S3, and what speaks its protocol", example: "s3://bucket/orders/*.csv",
    [
      .init("key", "the access key's id; without one, only public buckets can be read"),
      .init("secret", "the access key's secret", isSecret: true),
      .init("session_token", "of temporary credentials", isSecret: true, isAskedFor: false),
      .init("region", "the bucket's region", fallback: "found by asking the bucket"),
      .init("endpoint", "URL of another store than Amazon's, such as http://minio:9000"),
      .init("path_style", "on: the bucket's name is in the path, not in the host", fallback: "on with endpoint="),
    ])

  static let gcs = kind(
    "gcs", "Google Cloud Storage", example: "gs://bucket/orders/*.csv",
    [.init("key", "the HMAC key's access id"), .init("secret", "the HMAC key's secret", isSecret: true)])

  static let r2 = kind(
    "r2", "Cloudflare R2", example: "r2://account/bucket/orders/*.csv",
    [.init("key", "the API token's access key id"), .init("secret", "the API token's secret access key", isSecret: true)])

  static let azure = kind(
    "azure", "Azure Blob Storage", example: "https://account.blob.core.windows.net/container/orders/*.csv",
    [
      .init("key", "the account's key, or", isSecret: true),
      .init("sas", "a shared access signature: what follows the ? of its URL", isSecret: true, isAskedFor: false),
      .init("account", "the storage account, where url= does not name it"),
      .init("endpoint", "URL of another service than Azure's own, such as an emulator's"),
    ])

  static let file = kind("file", "Files on this machine", example: "file:///data/orders/*.csv", [])

  private static func kind(_ name: String, _ title: String, example: String, _ access: [ConnectorKind.Field]) -> ConnectorKind {
    ConnectorKind(
      name: name, title: title,
      fields: [.init("url", "where the files are, with * for any name and ** for any path: \(example)", isRequired: true)] + access + ofFiles,
      normalize: { fields in
        _ = try BucketSettings(fields)
        return fields
      },
      connect: { settings in
        try BucketConnector(BucketSettings(settings.fields), BucketPlace(kind: name, settings))
      })
  }

  private static let ofFiles: [ConnectorKind.Field] = [
    .init("table", "the name of the table", fallback: "the source's name"),
    .init("format", "csv, tsv, jsonl, json, parquet, avro, delta or iceberg", fallback: "by name and content"),
    .init("compression", "none, gzip, zstd, snappy, lz4, brotli, bzip2 or xz", fallback: "by content and name"),
    .init("types", "types that are not as found: amount:numeric(12,2),placed:date"),
    .init("primary_key", "columns that tell rows apart: then newer rows take the place of older ones (mode merge)"),
    .init("changed", "what an overwritten file does: reload the table, append its rows again, or error", fallback: "reload"),
    .init("deleted", "what becomes of a deleted file's rows: keep or remove", fallback: "keep"),
    .init("layout", "the tool that wrote the files, by whose rules rows count: airbyte, stitch, fivetran, posthog or none", fallback: "by its columns"),
    .init("provenance", "on: columns _hedgerow_file and _hedgerow_row tell where each row is from", fallback: "off"),
    .init("delimiter", "of csv: one character, or tab", fallback: "found"),
    .init("quote", "of csv: one character, or none", fallback: "found"),
    .init("escape", "how a quote is written within quotes: doubling or backslash", fallback: "found"),
    .init("header", "of csv: whether the first row has the names, on or off", fallback: "found"),
    .init("null", "of csv: texts without quotes that are NULL, separated by commas; nothing is NULL anyway"),
    .init("comment", "of csv: lines that begin with this character are skipped"),
    .init("encoding", "of csv: utf-8, utf-16le, utf-16be, latin-1 or windows-1252", fallback: "by its byte order mark, else utf-8"),
    .init("missing_fields", "of csv: a row with fewer fields than the first is put aside (reject), or has NULLs (null)", fallback: "reject"),
    .init("max_line_size", "the longest row of a text file", fallback: "64MB"),
  ]
}
