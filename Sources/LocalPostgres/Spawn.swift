import Glibc

/// In glibc and musl; their headers hide it from Swift.
private let startNewSession: Int16 = 0x80

extension Command {
  /// Starts the child with just these three files, the usual signals and the given environment.
  func spawn(input: Int32?, output: Int32, errors: Int32) throws(LocalPostgresError) -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    if let input {
      posix_spawn_file_actions_adddup2(&files, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&files, output, 1)
    posix_spawn_file_actions_adddup2(&files, errors, 2)
    // A server outlives us: a lock or a pipe that our own parent left open must not live on in it.
    for descriptor in (Disk.entries(of: "/proc/self/fd") ?? []).compactMap({ Int32($0) }) where descriptor > 2 {
      posix_spawn_file_actions_addclose(&files, descriptor)
    }

    var attributes = usualSignals()
    defer { posix_spawnattr_destroy(&attributes) }
    return try spawn(&files, &attributes)
  }

  private func usualSignals() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2, SIGTSTP] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, ownSession ? flags | startNewSession : flags)
    return attributes
  }

  private func spawn(_ files: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t)
    throws(LocalPostgresError) -> pid_t
  {
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid = pid_t()
    let status = posix_spawn(&pid, program, &files, &attributes, &words, &variables)
    guard status == 0 else {
      throw LocalPostgresError(.failed, "Could not run \(program): \(String(cString: strerror(status))).")
    }
    return pid
  }
}
