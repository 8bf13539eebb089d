using DaprRollouts.Engine.Serving;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Engine.InProcess;

/// <summary>The client's side of the workflow service without a connection: calls go straight to the engine.</summary>
internal sealed class InProcessInvoker(Func<InProcessRun> current) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var answer = AnswerAsync<TResponse>(method.Name, request, options.CancellationToken);
        return new AsyncUnaryCall<TResponse>(
            answer, Task.FromResult(EngineGreeting.Headers()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unsupported(method.Name);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unsupported(method.Name);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unsupported(method.Name);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unsupported(method.Name);

    // An answer that the engine can give no more is an error, as it is on a connection that breaks.
    private async Task<TResponse> AnswerAsync<TResponse>(string method, object request, CancellationToken cancel)
    {
        var (run, answer) = (current(), new TaskCompletionSource<TResponse>());
        Action lose = () => answer.TrySetException(EngineErrors.Stopping());
        run.Pending.TryAdd(lose, true);
        _ = PassOnAsync(Call(run.Calls, method, request, cancel), answer);
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

    private static Task<object> Call(InstanceCalls instances, string method, object request, CancellationToken cancel) => method switch
    {
        nameof(TaskHub.Hello) => Task.FromResult<object>(new Empty()),
        nameof(TaskHub.StartInstance) => Boxed(instances.StartAsync((CreateInstanceRequest)request, cancel)),
        nameof(TaskHub.GetInstance) => Boxed(instances.GetAsync((GetInstanceRequest)request)),
        nameof(TaskHub.WaitForInstanceStart) => Boxed(instances.AwaitAsync((GetInstanceRequest)request, InstanceStates.HasBegun, cancel)),
        nameof(TaskHub.WaitForInstanceCompletion) => Boxed(instances.AwaitAsync((GetInstanceRequest)request, InstanceStates.HasEnded, cancel)),
        nameof(TaskHub.RaiseEvent) => Boxed(instances.RaiseAsync((RaiseEventRequest)request)),
        nameof(TaskHub.TerminateInstance) => Boxed(instances.TerminateAsync((TerminateRequest)request)),
        nameof(TaskHub.SuspendInstance) => Boxed(instances.SuspendAsync((SuspendRequest)request, cancel)),
        nameof(TaskHub.ResumeInstance) => Boxed(instances.ResumeAsync((ResumeRequest)request, cancel)),
        nameof(TaskHub.PurgeInstances) => Boxed(instances.PurgeAsync((PurgeInstancesRequest)request)),
        nameof(TaskHub.RerunWorkflowFromEvent) => Boxed(instances.RerunAsync((RerunWorkflowFromEventRequest)request)),
        nameof(TaskHub.ListInstanceIDs) => Boxed(instances.ListAsync((ListInstanceIDsRequest)request)),
        nameof(TaskHub.GetInstanceHistory) => Boxed(instances.HistoryAsync((GetInstanceHistoryRequest)request)),
        _ => throw Unsupported(method),
    };

    private static async Task<object> Boxed<T>(Task<T> answer)
        where T : class => await answer;

    private static RpcException Unsupported(string method) => EngineErrors.Of(StatusCode.Unimplemented, $"{method} is not for clients of an engine in the same process");
}
