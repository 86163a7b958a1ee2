// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace ElectrumPot.Server.Logging;

/// <summary>Sends log lines to the console and to a file that is changed by day and by size.</summary>
internal static class LogSetup
{
    private const string ConsoleLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}";
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:lj}{NewLine}{Exception}";

    private static int _selfLogged;

    /// <param name="configuration">Where <c>[log]</c> stands.</param>
    /// <param name="console">False: nothing on standard output.</param>
    /// <param name="line">A terminal's line of progress, above which the lines of the log go.</param>
    /// <returns>Dispose it last: the file is flushed then.</returns>
    /// <exception cref="ConfigurationException">The log file cannot be written.</exception>
    public static ILoggerFactory Create(ServerConfiguration configuration, bool console, TerminalLine? line = null)
    {
        LoggerConfiguration logger = new LoggerConfiguration()
            .MinimumLevel.Is(Level(configuration.Get(LogSection.Level)))
            // The frameworks speak of requests and hosts; what matters of these is logged in our own words.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Error)
            .MinimumLevel.Override("System", LogEventLevel.Error);
        // What ends the process goes to standard error, as one line that is not lost among the others.
        if (console)
            logger.WriteTo.Logger(lines => WriteToConsole(lines.Filter.ByExcluding(logged => logged.Level == LogEventLevel.Fatal).WriteTo, line));
        if (LocateFile(configuration) is { } file)
        {
            Probe(file);
            LoggerSinkConfiguration.Wrap(
                logger.WriteTo,
                static sink => new LastLinesSink(sink, ReportOnce),
                sinks => sinks.File(
                    file,
                    outputTemplate: FileLine,
                    rollingInterval: RollingInterval.Day,
                    rollOnFileSizeLimit: true,
                    fileSizeLimitBytes: configuration.Get(LogSection.FileMegabytes) << 20,
                    retainedFileCountLimit: (int)configuration.Get(LogSection.Files)),
                LogEventLevel.Verbose,
                null);
        }

        SelfLog.Enable(ReportOnce);
        return new SerilogLoggerFactory(logger.CreateLogger(), dispose: true);
    }

    /// <summary>The log file before the date is added to its name, null if there is none.</summary>
    public static string? LocateFile(ServerConfiguration configuration)
    {
        if (configuration.Get(LogSection.File) is "none") return null;
        return configuration.GetPath(LogSection.File) ?? Path.Combine(DataFolder.Locate(configuration), "electrum-pot-.log");
    }

    private static void WriteToConsole(LoggerSinkConfiguration sinks, TerminalLine? line)
    {
        if (line is null) sinks.Console(outputTemplate: ConsoleLine);
        else LoggerSinkConfiguration.Wrap(sinks, console => new AboveLineSink(line, console), console => console.Console(outputTemplate: ConsoleLine), LogEventLevel.Verbose, null);
    }

    private static LogEventLevel Level(string word) => word switch
    {
        "debug" => LogEventLevel.Debug,
        "warning" => LogEventLevel.Warning,
        "error" => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    /// <summary>The file sink would lose all lines without a word.</summary>
    private static void Probe(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"the log cannot be written into {folder}: {failure.Message} Correct [log] file or [rocksdb] path, or the owner of the folder");
        }
    }

    /// <summary>A full disk would repeat itself with every line.</summary>
    private static void ReportOnce(string message)
    {
        if (Interlocked.Exchange(ref _selfLogged, 1) == 0) Console.Error.WriteLine($"warning: the log file cannot be written: {message}");
    }
}
