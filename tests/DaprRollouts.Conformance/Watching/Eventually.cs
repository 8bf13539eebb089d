using System.Diagnostics;

namespace DaprRollouts.Conformance.Watching;

/// <summary>Waits for what will be so before long.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Waits until a condition holds; fails with what was awaited, and what was seen last.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, Func<string>? seen = null)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not so after {Patience.TotalSeconds:0} s: {what}; seen: {seen?.Invoke()}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, Func<string>? seen = null) => TrueAsync(what, () => Task.FromResult(condition()), seen);
}
