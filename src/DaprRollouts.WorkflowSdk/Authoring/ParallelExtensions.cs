namespace Dapr.Workflow;

/// <summary>Fan-out with a limit.</summary>
public static class ParallelExtensions
{
    /// <summary>
    /// Keeps at most <paramref name="maxConcurrency"/> tasks open, returns the results in the order of the inputs, and
    /// throws all failures as one <see cref="AggregateException"/> after everything has ended.
    /// </summary>
    public static async Task<TResult[]> ProcessInParallelAsync<TInput, TResult>(
        this WorkflowContext context, IEnumerable<TInput> inputs, Func<TInput, Task<TResult>> taskFactory, int maxConcurrency = 5)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(taskFactory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxConcurrency);

        List<Task<TResult>> all = [];
        List<Task<TResult>> open = [];
        foreach (var input in inputs)
        {
            if (open.Count == maxConcurrency)
            {
                open.Remove(await Task.WhenAny(open));
            }

            var task = Start(taskFactory, input);
            all.Add(task);
            open.Add(task);
        }

        while (open.Count > 0)
        {
            open.Remove(await Task.WhenAny(open));
        }

        Exception[] failures = [.. all.Where(t => !t.IsCompletedSuccessfully).Select(FailureOf)];
        return failures.Length == 0
            ? [.. all.Select(t => t.Result)]
            : throw new AggregateException($"{failures.Length} out of {all.Count} tasks failed", failures);
    }

    // A factory that throws at once fails its own input, not the whole fan-out.
    private static async Task<TResult> Start<TInput, TResult>(Func<TInput, Task<TResult>> taskFactory, TInput input) =>
        await taskFactory(input);

    private static Exception FailureOf(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);
}
