using DaprRollouts.DevCluster.Api;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Brings one thing after the other from its queue to the state it should be in; what fails is tried again.</summary>
internal sealed class Worker<T>(ControllerContext context, Action<T> reconcile) : IAsyncDisposable
    where T : notnull
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public WorkQueue<T> Queue { get; } = new(context.Registry.Time, context.Activity);

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Queue.Dispose();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Reconcile(await Queue.TakeAsync(_stopping.Token));
                Queue.Done();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            context.Logger.LogDebug("A controller of {Item} has stopped", typeof(T).Name);
        }
    }

    private void Reconcile(T item)
    {
        try
        {
            reconcile(item);
        }
        catch (ApiFailure failure) when (failure.Code is 404 or 409)
        {
            // Something it read has changed meanwhile: look again.
            Queue.Add(item);
        }
        catch (ApiFailure failure) when (failure.IsNamespaceTerminating)
        {
            context.Logger.LogDebug("Nothing more to do for {Item}: {Message}", item, failure.Message);
        }
        catch (Exception error)
        {
            context.Logger.LogWarning(error, "Reconciling {Item} failed; it will be tried again", item);
            Queue.AddAfter(item, RetryDelay);
        }
    }
}
