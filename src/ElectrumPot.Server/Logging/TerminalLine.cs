// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Logging;

/// <summary>
/// One line at the bottom of a terminal that is written over in place. Whatever else goes to the terminal goes through
/// <see cref="Above"/>, so that neither cuts the other in two.
/// </summary>
internal sealed class TerminalLine(TextWriter terminal, Func<int> width)
{
    private const string Erase = "\r\u001b[K";
    private const int UsualWidth = 80;

    private readonly Lock _lock = new();
    private string _shown = "";

    /// <summary>Null where standard output is no terminal, or one that cannot erase a line.</summary>
    public static TerminalLine? OfConsole()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb") return null;
        return new TerminalLine(Console.Out, static () => Console.WindowWidth);
    }

    /// <summary>Shows this instead of what is there; an empty text leaves nothing.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            // The last column is left free: a terminal that wraps there could not go back.
            int room = (width() is > 1 and var columns ? columns : UsualWidth) - 1;
            string line = text.Length <= room ? text : text[..room];
            if (line == _shown) return;
            terminal.Write(Erase + line);
            terminal.Flush();
            _shown = line;
        }
    }

    /// <summary>Lets something be written above the line.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            if (_shown.Length == 0)
            {
                write();
                return;
            }

            terminal.Write(Erase);
            terminal.Flush();
            write();
            terminal.Write(_shown);
            terminal.Flush();
        }
    }
}
