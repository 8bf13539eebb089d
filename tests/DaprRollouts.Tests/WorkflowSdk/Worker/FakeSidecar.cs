using System.Threading.Channels;
using DaprRollouts.Protocol;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Tests.WorkflowSdk.Worker;

/// <summary>An engine's end of the line, without a line: keeps what it was sent, and answers as it is told.</summary>
internal sealed class FakeSidecar : CallInvoker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Channel<WorkItem>> _streams = Channel.CreateUnbounded<Channel<WorkItem>>();
    private readonly Channel<IMessage> _received = Channel.CreateUnbounded<IMessage>();

    /// <summary>What the calls are answered with: by request type, thrown where it is an exception.</summary>
    public Dictionary<System.Type, Func<IMessage, object>> Answers { get; } = new()
    {
        [typeof(Empty)] = _ => new Empty(),
        [typeof(WorkflowResponse)] = _ => new CompleteTaskResponse(),
        [typeof(ActivityResponse)] = _ => new CompleteTaskResponse(),
    };

    public Metadata Headers { get; } = [];

    /// <summary>What the last unary call sent along.</summary>
    public Metadata LastSent { get; private set; } = [];

    /// <summary>The next stream that the worker opens; writing to it sends work items.</summary>
    public async Task<ChannelWriter<WorkItem>> StreamAsync() => (await NextAsync(_streams)).Writer;

    /// <summary>The next request of a type; others are passed over.</summary>
    public async Task<T> ReceivedAsync<T>()
    {
        IMessage? last = null;
        try
        {
            while (true)
            {
                last = await NextAsync(_received);
                if (last is T wanted)
                {
                    return wanted;
                }
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no {typeof(T).Name} within {Patience.TotalSeconds:0} s; received last: {last}");
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var message = (IMessage)request;
        LastSent = options.Headers ?? [];
        _received.Writer.TryWrite(message);
        var answer = Answers[message.GetType()](message);
        var response = answer is Exception failure ? Task.FromException<TResponse>(failure) : Task.FromResult((TResponse)answer);
        var headers = answer is Exception broken ? Task.FromException<Metadata>(broken) : Task.FromResult(Headers);
        return new AsyncUnaryCall<TResponse>(response, headers, () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var items = Channel.CreateUnbounded<WorkItem>();
        _streams.Writer.TryWrite(items);
        var reader = (IAsyncStreamReader<TResponse>)(object)new Reader(items.Reader);
        return new AsyncServerStreamingCall<TResponse>(reader, Task.FromResult(Headers), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private static Task<T> NextAsync<T>(Channel<T> channel) => channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    private sealed class Reader(ChannelReader<WorkItem> items) : IAsyncStreamReader<WorkItem>
    {
        public WorkItem Current { get; private set; } = new();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await items.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            Current = await items.ReadAsync(cancellationToken);
            return true;
        }
    }
}
