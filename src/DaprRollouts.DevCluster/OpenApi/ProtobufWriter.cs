using System.Buffers;
using System.Text;

namespace DaprRollouts.DevCluster.OpenApi;

/// <summary>Writes the few wire types of protobuf that the OpenAPI document needs.</summary>
internal sealed class ProtobufWriter
{
    private const int LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Writes a text; an empty one is left out, as protobuf does.</summary>
    public ProtobufWriter Text(int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Bytes(field, Encoding.UTF8.GetBytes(text));
        }
        return this;
    }

    public ProtobufWriter Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.Written.Span);
        return this;
    }

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Number((field << 3) | LengthDelimited);
        Number(bytes.Length);
        _buffer.Write(bytes);
    }

    private void Number(int number)
    {
        var rest = (uint)number;
        while (rest > 0x7f)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }
        Byte((byte)rest);
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}
