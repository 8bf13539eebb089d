using Grpc.Core;

namespace DaprRollouts.Engine.Serving;

/// <summary>Calls of the workflow service without a connection: requests and answers are handed over as they are.</summary>
internal abstract class LocalInvoker : CallInvoker
{
    public static RpcException Unsupported(string method) =>
        EngineErrors.Of(StatusCode.Unimplemented, $"{method} is not for callers in the engine's own process");

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            AnswerAsync<TResponse>(method.Name, request, options.CancellationToken),
            Task.FromResult(EngineGreeting.Headers()),
            () => Status.DefaultSuccess,
            () => [],
            () => { });

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unsupported(method.Name);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Unsupported(method.Name);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unsupported(method.Name);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw Unsupported(method.Name);

    protected abstract Task<TResponse> AnswerAsync<TResponse>(string method, object request, CancellationToken cancel);
}
