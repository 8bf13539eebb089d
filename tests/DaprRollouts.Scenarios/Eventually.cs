using System.Diagnostics;

namespace DaprRollouts.Scenarios;

/// <summary>Waits for a condition of something that runs in real time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Returns when the condition holds; fails with what was awaited, and what was seen last. A garbage collector that learns of new kinds may pause for more than a minute.
    /// </summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<string>? seen = null, int seconds = 120)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"waited {seconds} s for {what}; seen: {seen?.Invoke()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
