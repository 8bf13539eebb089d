using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>How much many instances get done at once, when engine and worker are warm. Both are in this process.</summary>
internal static class Throughput
{
    private const int WarmUp = 500;

    public static async Task MeasureAsync(int instances, int activities, WorkerPlace place)
    {
        await using var bench = await Bench.StartAsync(place);
        await RunAsync(bench, "warm", WarmUp, activities);
        var (commits, allocated, processor) = (Commits.Count, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
        var took = await RunAsync(bench, "i", instances, activities);
        var done = instances * activities;
        Console.WriteLine(
            $"{instances} instances of {activities} activities: {took.TotalSeconds:0.00} s, {done / took.TotalSeconds:0} activities/s, "
            + $"{instances * (activities + 1) / took.TotalSeconds:0} turns/s");
        Console.WriteLine(
            $"of an activity: {(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / done:0} us of processor time, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / done / 1024} KiB allocated; {(double)done / (Commits.Count - commits):0.0} activities share a commit");
    }

    private static async Task<TimeSpan> RunAsync(Bench bench, string prefix, int instances, int activities)
    {
        var left = instances;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Count(string id)
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                ended.SetResult();
            }
        }

        Workloads.ChainEnded += Count;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0, instances, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) => await bench.StartInstanceAsync(Workloads.Chain, $"{prefix}{i}", activities));
        await ended.Task;
        Workloads.ChainEnded -= Count;
        return Stopwatch.GetElapsedTime(started);
    }
}
