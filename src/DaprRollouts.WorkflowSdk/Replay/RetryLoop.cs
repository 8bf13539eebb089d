namespace Dapr.Workflow.Replay;

/// <summary>Calls again what failed, with durable pauses in between.</summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(
        WorkflowRetryPolicy policy, Func<DateTime> now, Func<Task<T>> attempt, Func<TimeSpan, Task> pause)
    {
        var deadline = policy.RetryTimeout == Timeout.InfiniteTimeSpan ? DateTime.MaxValue : now() + policy.RetryTimeout;
        for (var failures = 0; ; failures++)
        {
            TimeSpan delay;
            try
            {
                return await attempt();
            }
            catch (WorkflowTaskFailedException)
                when (failures + 1 < policy.MaxNumberOfAttempts && now() < deadline && DelayAfter(failures, policy) > TimeSpan.Zero)
            {
                delay = DelayAfter(failures, policy);
            }

            await pause(delay);
        }
    }

    /// <summary>Zero where there is no sensible delay: then there is no further attempt either.</summary>
    internal static TimeSpan DelayAfter(int failures, WorkflowRetryPolicy policy)
    {
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, failures);
        return policy.MaxRetryInterval is { } longest && ticks > longest.Ticks ? longest
            : ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks)
            : TimeSpan.Zero;
    }
}
