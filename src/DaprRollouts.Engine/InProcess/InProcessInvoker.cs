using DaprRollouts.Engine.Serving;
using Grpc.Core;

namespace DaprRollouts.Engine.InProcess;

/// <summary>The client's side of the workflow service in virtual time: calls go to the run of the engine that is alive.</summary>
internal sealed class InProcessInvoker(Func<InProcessRun> current) : LocalInvoker
{
    // An answer that the engine can give no more is an error, as it is on a connection that breaks.
    protected override async Task<TResponse> AnswerAsync<TResponse>(string method, object request, CancellationToken cancel)
    {
        var (run, answer) = (current(), new TaskCompletionSource<TResponse>());
        Action lose = () => answer.TrySetException(EngineErrors.Stopping());
        run.Pending.TryAdd(lose, true);
        _ = PassOnAsync(run.Calls.Answer(method, request, cancel), answer);
        try
        {
            return await answer.Task;
        }
        finally
        {
            run.Pending.TryRemove(lose, out _);
        }
    }

    private static async Task PassOnAsync<TResponse>(Task<object> call, TaskCompletionSource<TResponse> answer)
    {
        try
        {
            answer.TrySetResult((TResponse)await call);
        }
        catch (OperationCanceledException e)
        {
            answer.TrySetCanceled(e.CancellationToken);
        }
        catch (RpcException e)
        {
            answer.TrySetException(e);
        }
    }
}
