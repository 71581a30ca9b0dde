import Glibc

/// What the system says of this process.
public enum ProcessFigures {
  /// Bytes of memory that it holds; nil where there is no `/proc`.
  public static var residentBytes: Int? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }

  /// Seconds of processor time that it has used.
  public static var cpuSeconds: Double {
    var clock = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &clock)
    return Double(clock.tv_sec) + Double(clock.tv_nsec) / 1e9
  }

  /// Seconds since 1970.
  public static var now: Double {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    return Double(clock.tv_sec) + Double(clock.tv_nsec) / 1e9
  }
}
