using System.Diagnostics;

namespace DaprRollouts.Conformance.Watching;

/// <summary>Waits for what will be so before long.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not so after {Patience.TotalSeconds:0} s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));
}
