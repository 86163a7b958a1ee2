// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>What the kernel says of a process.</summary>
/// <param name="Cpu">User and system time of all threads.</param>
/// <param name="PeakMemory">Largest resident set, in bytes.</param>
/// <param name="Resident">Resident set, in bytes.</param>
/// <param name="Written">Bytes that went, or will go, to a device; where none lies below, bytes handed to the kernel.</param>
internal readonly record struct ProcessFigures(TimeSpan Cpu, long PeakMemory, long Resident, long Written)
{
    private const double TicksPerSecond = 100;
    private const int UserTime = 11;
    private const int SystemTime = 12;

    /// <summary>Null when the process is gone.</summary>
    public static ProcessFigures? Read(int processId)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        try
        {
            string stat = File.ReadAllText($"{folder}/stat");
            // The name of the program, in brackets, may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = double.Parse(fields[UserTime], CultureInfo.InvariantCulture) + double.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
            // Of a zombie there are neither memory nor counts any more.
            if (fields[0] is "Z" or "X") return null;
            long device = Find($"{folder}/io", "write_bytes:");
            return new ProcessFigures(
                TimeSpan.FromSeconds(ticks / TicksPerSecond),
                Find($"{folder}/status", "VmHWM:") << 10,
                Find($"{folder}/status", "VmRSS:") << 10,
                device > 0 ? device : Find($"{folder}/io", "wchar:"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Find(string file, string name)
    {
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line[name.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
