using System.Text;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Tests.Data;

/// <summary>The writers of pickles.</summary>
public enum PickleStyle { Python2, Protocol2, Protocol4, Protocol5 }

/// <summary>Writes the few instructions that pickles of NumPy arrays consist of, as Python 2 (protocol 2) and Python 3 (protocols 2, 4, 5) write them.</summary>
sealed class PickleWriter(PickleStyle style)
{
    readonly List<byte> _pickle = [];

    /// <summary>A batch of CIFAR: data, an array of rows × columns, and labels.</summary>
    public static byte[] Batch(PickleStyle style, byte[] data, IEnumerable<int> labels, string labelName = "labels", int columns = 3072, bool fortran = false, string type = "u1")
    {
        var pickle = new PickleWriter(style);
        pickle.Op(0x80, (byte)(style switch { PickleStyle.Protocol4 => 4, PickleStyle.Protocol5 => 5, _ => 2 }));
        if (style >= PickleStyle.Protocol4) pickle.Op('\x95').Write(BitConverter.GetBytes(1234L)); // a frame
        pickle.Op('}').Put(0).Op('(');
        pickle.Bytes("batch_label"u8).Put(1).Bytes("testing batch 1 of 1"u8).Put(2);
        pickle.Bytes(Encoding.ASCII.GetBytes(labelName)).Put(3).Op(']').Put(4).Op('(');
        foreach (var label in labels) pickle.Int(label);
        pickle.Op('e');
        pickle.Bytes("data"u8).Put(5).Array(data, data.Length / columns, columns, fortran, type).Put(12);
        pickle.Bytes("filenames"u8).Op(']').Op('(').Bytes("a.png"u8).Op('e');
        return pickle.Op('u').Op('.')._pickle.ToArray();
    }

    /// <summary>The archives' file beside the batches: a dictionary with the names of the classes.</summary>
    public static byte[] Meta(PickleStyle style, string key, IEnumerable<string> names)
    {
        var pickle = new PickleWriter(style);
        pickle.Op(0x80, (byte)(style switch { PickleStyle.Protocol4 => 4, PickleStyle.Protocol5 => 5, _ => 2 }));
        pickle.Op('}').Put(0).Op('(').Name(key).Put(1).Op(']').Put(2).Op('(');
        foreach (var name in names) pickle.Name(name);
        return pickle.Op('e').Op('u').Op('.')._pickle.ToArray();
    }

    /// <summary>Text as each Python has it.</summary>
    PickleWriter Name(string text) => style == PickleStyle.Python2 ? Bytes(Encoding.UTF8.GetBytes(text)) : Text(text);

    PickleWriter Array(byte[] data, int rows, int columns, bool fortran, string type)
    {
        if (style == PickleStyle.Protocol5)
        {
            Global("numpy.core.numeric", "_frombuffer").Op('(').Op(0x96).Write(BitConverter.GetBytes((long)data.Length)).Write(data);
            return Type(type).Int(rows).Int(columns).Op(0x86).Text(fortran ? "F" : "C").Op('t').Op('R');
        }
        Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Int(0).Op(0x85).Bytes("b"u8).Op(0x87).Op('R').Put(6);
        Op('(').Int(1).Int(rows).Int(columns).Op(0x86).Type(type).Op(fortran ? 0x88 : 0x89);
        return Bytes(data).Op('t').Op('b');
    }

    PickleWriter Type(string name)
    {
        Global("numpy", "dtype");
        _ = style == PickleStyle.Python2 ? Bytes(Encoding.ASCII.GetBytes(name)).Int(0).Int(1) : Text(name).Op(0x89).Op(0x88);
        Op(0x87).Op('R').Put(7).Op('(').Int(3);
        _ = style == PickleStyle.Python2 ? Bytes("|"u8) : Text("|");
        return Op('N').Op('N').Op('N').Int(-1).Int(-1).Int(0).Op('t').Op('b');
    }

    PickleWriter Global(string module, string name) => style < PickleStyle.Protocol4
        ? Op('c').Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"))
        : Text(module).Op(0x94).Text(name).Op(0x94).Op(0x93).Op(0x94);

    PickleWriter Bytes(ReadOnlySpan<byte> value) => style switch
    {
        PickleStyle.Python2 => (value.Length < 256 ? Op('U', (byte)value.Length) : Op('T').Write(BitConverter.GetBytes(value.Length))).Write(value),
        // This protocol has no bytes: they are made from text.
        PickleStyle.Protocol2 => Global("_codecs", "encode").Text(Encoding.Latin1.GetString(value)).Text("latin1").Op(0x86).Op('R'),
        _ => (value.Length < 256 ? Op('C', (byte)value.Length) : Op('B').Write(BitConverter.GetBytes(value.Length))).Write(value),
    };

    PickleWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return (style >= PickleStyle.Protocol4 && bytes.Length < 256 ? Op(0x8c, (byte)bytes.Length) : Op('X').Write(BitConverter.GetBytes(bytes.Length))).Write(bytes);
    }

    PickleWriter Int(int value) => value switch
    {
        >= 0 and < 256 => Op('K', (byte)value),
        >= 0 and < 65536 => Op('M', (byte)value, (byte)(value >> 8)),
        _ => Op('J').Write(BitConverter.GetBytes(value)),
    };

    /// <summary>Keeps the value for later, which never comes: real pickles are full of it.</summary>
    PickleWriter Put(byte memo) => style < PickleStyle.Protocol4 ? Op('q', memo) : Op(0x94);

    PickleWriter Op(int code, params ReadOnlySpan<byte> operands)
    {
        _pickle.Add((byte)code);
        return Write(operands);
    }

    PickleWriter Write(ReadOnlySpan<byte> bytes)
    {
        _pickle.AddRange(bytes);
        return this;
    }
}
