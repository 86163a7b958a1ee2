// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.Index.Snapshots;

/// <summary>Work that can wait: on a thread of its own, to which the system gives processor and disk when nobody else wants them.</summary>
public static partial class BackgroundThread
{
    private const int CallingThread = 0;
    private const int LeastNice = 19;

    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            // On Linux a thread has a priority of its own, and the disk goes by it. Where it is refused the work is merely not polite.
            _ = SetPriority(which: 0, CallingThread, LeastNice);
            try
            {
                result.SetResult(work());
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return result.Task;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
