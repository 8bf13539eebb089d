using System.Security.Cryptography;
using System.Text;

namespace Dapr.Workflow.Replay;

/// <summary>Ids that come out alike at every replay: RFC 4122 version 5, over names that count up.</summary>
internal sealed class DeterministicGuids
{
    // The namespace of all runs whose own id is not a GUID. Every .NET worker must use this one.
    private static readonly Guid NamespaceOfNames = new("6f927a2e-9c7e-4a1d-9b8d-7a86f2e7f62f");

    private readonly string _instanceId;
    private readonly Guid _namespace;
    private int _count;

    public DeterministicGuids(string instanceId, string? executionId)
    {
        _instanceId = instanceId;
        var run = string.IsNullOrEmpty(executionId) ? instanceId : executionId;
        _namespace = Guid.TryParse(run, out var id) ? id : Version5(NamespaceOfNames, run);
    }

    public Guid Next() => Version5(_namespace, $"{_instanceId}_{_count++}");

    /// <summary>Names one attempt of an activity, the same at every redelivery.</summary>
    public string TaskExecutionId(int taskId, string activity) =>
        Version5(_namespace, $"{_instanceId}|activity|{taskId}|{activity}").ToString("N");

#pragma warning disable CA5350 // Version 5 is defined over SHA-1; nothing is protected by it.
    private static Guid Version5(Guid space, string name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
#pragma warning restore CA5350
}
